// Line icons on a 24 × 24 grid; always decoration beside text.
import './Icon.css'

const PATHS = {
  clock: 'M12 3.500a8.500 8.500 0 100 17 8.500 8.500 0 000-17zM12 7v5.200l3.300 2',
  shield:
    'M12 3l7.500 3v5.500c0 4.600-3.100 8-7.500 9.500-4.400-1.500-7.500-4.900-7.500-9.500V6zM8.700 12l2.300 2.300 4.300-4.600',
  tag: 'M3.500 12.300V4.500a1 1 0 011-1h7.800l8.200 8.200a1 1 0 010 1.400l-7.400 7.400a1 1 0 01-1.400 0zM8.300 6.900a1.400 1.400 0 100 2.800 1.400 1.400 0 000-2.800',
  warning: 'M12 4l9 15.500H3zM12 10v4.500M12 17v.4',
  lock: 'M6 10.500h12v9H6zM8.500 10.500V8a3.500 3.500 0 017 0v2.500',
  cloud:
    'M4 4l16 16M8 18h8.500M18.600 17.200A3.800 3.800 0 0016.500 10 5.200 5.200 0 0010 7M7.500 9.300A4.400 4.400 0 008 18',
  check: 'M4.500 12.500l5 5 10-11',
  search: 'M10.500 4a6.500 6.500 0 100 13 6.500 6.500 0 000-13zM15.300 15.300L20 20',
  ticket: 'M3.500 7.500h17v3a1.800 1.800 0 000 3.500v3h-17v-3a1.800 1.800 0 000-3.500zM14 7.500v9.500',
  plus: 'M12 4.500v15M4.500 12h15',
  person: 'M12 4a4 4 0 100 8 4 4 0 000-8zM4.500 20c.8-4 3.800-6 7.500-6s6.700 2 7.500 6',
} as const

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
