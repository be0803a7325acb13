// The frame of a page that a mailed link opens, and what it says where the link is of no use.
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { Heading } from '#components/Heading.tsx'
import { Page } from '#components/Page.tsx'
import './account.css'

interface Props {
  title: string
  children: ReactNode
}

export function LinkPage({ title, children }: Props) {
  return (
    <Page title={title}>
      <section className="plain">
        <Heading step={title}>{title}</Heading>
        {children}
      </section>
    </Page>
  )
}

/** Where to get a new link, for one without a token, used or too old. */
export function InvalidLink({ to, again }: { to: string; again: string }) {
  return (
    <LinkPage title="This link no longer works">
      <p>It was used already, it is too old, or a part of it is missing. Nothing was changed.</p>
      <Link className="btn" to={to}>
        {again}
      </Link>
    </LinkPage>
  )
}
