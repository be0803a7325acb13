// The page around signing in and joining: afterwards, back to what they were doing.
import type { ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { waitingHold } from '../hold/intention.ts'
import { Heading } from '../layout/Heading.tsx'
import { Page } from '../layout/Page.tsx'
import { Note } from '../parts/Note.tsx'
import { Poster, stockClass } from '../poster/Poster.tsx'
import { safeNext } from './next.ts'
import { useUser } from './useUser.ts'

interface Props {
  title: string
  children: ReactNode
}

export function Entrance({ title, children }: Props) {
  const { user } = useUser()
  const { search } = useLocation()
  const next = safeNext(search)
  if (user) return <Navigate to={next} state={{ signedIn: true }} replace />
  const holding = waitingHold()
  const willHold = holding !== null && next === `/tickets/${holding.ticketId}`
  return (
    <Page title={title}>
      <div className="split entrance">
        <div className="pay">
          <Heading>{title}</Heading>
          {willHold && <Note icon="lock">Then we hold your ticket and take you to pay.</Note>}
          {children}
        </div>
        <div className={`lift door ${stockClass(willHold ? holding.ticketId : 'door')}`} aria-hidden="true">
          <div className="big">
            <Poster id={willHold ? holding.ticketId : 'door'} />
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
