// Placeholders of cards that are loading, so that nothing moves when they arrive.
import './TicketCard.css'
export function CardSkeletons({ count }: { count: number }) {
  return (
    <ul className="list" aria-hidden="true">
      {Array.from({ length: count }, (_, i) => i).map((i) => (
        <li key={i} className="ticket skeleton" />
      ))}
    </ul>
  )
}
