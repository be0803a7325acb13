// A bar that moves while the outcome is due.
import './Progress.css'

export function Progress() {
  return <div className="progress" aria-hidden="true" />
}
