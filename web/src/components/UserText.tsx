// Text that a user wrote, isolated from the direction of the text around it.
import { withoutBidiControls } from '#format/userText.ts'

export function UserText({ children }: { children: string }) {
  return <bdi>{withoutBidiControls(children)}</bdi>
}
