// One page: the document’s title, what stands above the content, and the main region.
import type { ReactNode } from 'react'

interface Props {
  title: string
  above?: ReactNode
  children: ReactNode
}

export function Page({ title, above, children }: Props) {
  return (
    <>
      <title>{`${title} – Tiketz`}</title>
      {above}
      <main id="main" className="wrap" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}
