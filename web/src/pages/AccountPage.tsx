// The person's own account: who they are to us, what we keep of them, and the way out.
import { DeleteAccount } from '../account/DeleteAccount.tsx'
import { DownloadData } from '../account/DownloadData.tsx'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { SignOutButton } from '../session/SignOutButton.tsx'
import { useUser } from '../session/useUser.ts'

export function AccountPage() {
  const { user } = useUser()
  return (
    <Page title="Account">
      <section className="hero">
        <Heading>Account</Heading>
      </section>
      {user ? (
        <div className="states account">
          <section className="state panel" aria-labelledby="who-title">
            <h2 id="who-title">You</h2>
            <p>
              Signed in as <bdi className="email">{user.email}</bdi>. Your e-mail is how you sign in; nobody
              else sees it.
            </p>
            <SignOutButton className="btn ghost" />
          </section>
          <DownloadData user={user} />
          <DeleteAccount />
        </div>
      ) : (
        <div className="waiting" />
      )}
    </Page>
  )
}
