// The user’s account: who is signed in and where, password, e-mail, data and deletion.
import { useUser } from '#api/useUser.ts'
import { Heading } from '#components/Heading.tsx'
import { Page } from '#components/Page.tsx'
import { ChangeEmail } from '#features/account/ChangeEmail.tsx'
import { ChangePassword } from '#features/account/ChangePassword.tsx'
import { DeleteAccount } from '#features/account/DeleteAccount.tsx'
import { DownloadData } from '#features/account/DownloadData.tsx'
import { Sessions } from '#features/account/Sessions.tsx'
import { SignOutButton } from '#features/session/SignOutButton.tsx'
import './AccountPage.css'

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
          <ChangePassword email={user.email} />
          <ChangeEmail />
          <Sessions />
          <DownloadData user={user} />
          <DeleteAccount />
        </div>
      ) : (
        <div className="waiting" />
      )}
    </Page>
  )
}
