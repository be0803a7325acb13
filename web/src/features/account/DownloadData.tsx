// Downloads the user’s own data as one JSON file.
import { useMutation } from '@tanstack/react-query'
import type { User } from '#api/types.ts'
import { Note } from '#components/Note.tsx'
import { collectAccountData } from './accountData.ts'
import { downloadFile } from './downloadFile.ts'

export function DownloadData({ user }: { user: User }) {
  const download = useMutation({
    mutationFn: async () => {
      const data = await collectAccountData(user)
      downloadFile(
        `tiketz-${data.exportedAt.slice(0, 10)}.json`,
        JSON.stringify(data, null, 2),
        'application/json',
      )
    },
  })
  return (
    <section className="state panel" aria-labelledby="data-title">
      <h2 id="data-title">Your data</h2>
      <p>Everything we keep about you in one JSON file: your e-mail, listings, orders and payments.</p>
      {download.error && (
        <Note kind="bad" alert>
          The file could not be put together. {download.error.message}
        </Note>
      )}
      <button
        className="btn ghost"
        type="button"
        aria-disabled={download.isPending}
        onClick={() => !download.isPending && download.mutate()}
      >
        {download.isPending ? 'Putting it together…' : 'Download my data'}
      </button>
      <p className="small muted" role="status">
        {download.isSuccess && 'Saved. Look in your downloads.'}
      </p>
    </section>
  )
}
