// Drafts that this tab keeps over reloads, navigation and signing in, until they are saved or the user signs out.
import { type Draft, emptyDraft } from './draft.ts'

const PREFIX = 'tiketz.draft.'

interface Stored {
  draft: Draft
  /** The version of the listing that the draft changes; 0 for a new listing. */
  version: number
}

/** `key` is a ticket's id, or "new". */
export function saveDraft(key: string, draft: Draft, version = 0): void {
  sessionStorage.setItem(PREFIX + key, JSON.stringify({ draft, version } satisfies Stored))
}

/** Null where there is none, or where the listing has changed since. */
export function readDraft(key: string, version = 0): Draft | null {
  const text = sessionStorage.getItem(PREFIX + key)
  if (text === null) return null
  const stored = JSON.parse(text) as Partial<Stored>
  return stored.draft && stored.version === version ? { ...emptyDraft(), ...stored.draft } : null
}

export function clearDraft(key: string): void {
  sessionStorage.removeItem(PREFIX + key)
}
