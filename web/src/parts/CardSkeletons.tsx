// The shape of cards that are still coming, so that nothing jumps when they do.
export function CardSkeletons({ count }: { count: number }) {
  return (
    <ul className="list" aria-hidden="true">
      {Array.from({ length: count }, (_, i) => i).map((i) => (
        <li key={i} className="ticket skeleton" />
      ))}
    </ul>
  )
}
