// The field for a new password, with what it needs.
import { useConfig } from '#api/config.ts'
import { TextField } from './Field.tsx'
import { passwordHint } from './passwordHint.ts'

export function NewPasswordField({ name, error }: { name: string; error: string | undefined }) {
  const { password } = useConfig().limits
  return (
    <TextField
      name={name}
      label="New password"
      type="password"
      autoComplete="new-password"
      hint={passwordHint(password)}
      error={error}
      maxLength={password?.maxLength}
      required
    />
  )
}
