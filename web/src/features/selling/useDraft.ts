// The draft of a form, stored with every change.
import { useState } from 'react'
import type { Draft } from './draft.ts'
import { clearDraft, readDraft, saveDraft } from './draftStorage.ts'

/** `version` is that of the listing which `start` shows; 0 for a new listing. */
export function useDraft(key: string, start: Draft, version: number) {
  const [draft, setDraft] = useState(() => readDraft(key, version) ?? start)
  const [isRestored, setRestored] = useState(() => readDraft(key, version) !== null)

  const change = (changes: Partial<Draft>) => {
    const changed = { ...draft, ...changes }
    setDraft(changed)
    saveDraft(key, changed, version)
  }
  const discard = () => {
    setDraft(start)
    setRestored(false)
    clearDraft(key)
  }
  return { draft, change, isRestored, discard }
}
