// Where the event is: "Halcyon Hall, Rotterdam".
import { UserText } from './UserText.tsx'

interface Props {
  venue: string | null
  city: string | null
  className?: string
}

export function Location({ venue, city, className }: Props) {
  if (!venue && !city) return null
  return (
    <p className={className}>
      {venue && <UserText>{venue}</UserText>}
      {venue && city && ', '}
      {city && <UserText>{city}</UserText>}
    </p>
  )
}
