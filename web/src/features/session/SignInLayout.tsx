// The frame of signing in and signing up; afterwards the user returns to the page before.
import type { ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { useUser } from '#api/useUser.ts'
import { Heading } from '#components/Heading.tsx'
import { Note } from '#components/Note.tsx'
import { Page } from '#components/Page.tsx'
import { Poster, stockClass } from '#components/poster/Poster.tsx'
import { safeNext } from '#components/signInPath.ts'
import '#components/BigTicket.css'
import './SignInLayout.css'

const DEFAULT_POSTER = 'door' // an id whose poster looks well

interface Props {
  title: string
  /** The ticket of a hold that is placed after signing in; null for none. */
  pendingTicketId: string | null
  children: ReactNode
}

export function SignInLayout({ title, pendingTicketId, children }: Props) {
  const { user } = useUser()
  const { search } = useLocation()
  const next = safeNext(search)
  if (user) return <Navigate to={next} state={{ signedIn: true }} replace />
  const ticketId = next === `/tickets/${pendingTicketId}` ? pendingTicketId : null
  return (
    <Page title={title}>
      <div className="split sign-in">
        <div className="pay">
          <Heading>{title}</Heading>
          {ticketId && <Note icon="lock">Then we hold your ticket and take you to pay.</Note>}
          {children}
        </div>
        <div className={`lift sign-in-poster ${stockClass(ticketId ?? DEFAULT_POSTER)}`} aria-hidden="true">
          <div className="big">
            <Poster id={ticketId ?? DEFAULT_POSTER} />
            <div className="words">
              <p className="slogan">
                Somebody can’t go.
                <br />
                You can.
              </p>
            </div>
            <div className="facts">
              <span className="admit-word">Admit one</span>
            </div>
          </div>
        </div>
      </div>
    </Page>
  )
}
