// Shown instead of a page that threw while rendering.
import { Component, type ReactNode } from 'react'

export class ErrorBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false }

  static getDerivedStateFromError() {
    return { crashed: true }
  }

  override render() {
    if (!this.state.crashed) return this.props.children
    return (
      <main id="main" className="wrap plain">
        <h1>Something broke on this page</h1>
        <p>Reloading usually helps. Nothing was bought or changed by this.</p>
        <button className="btn" type="button" onClick={() => window.location.reload()}>
          Reload
        </button>
      </main>
    )
  }
}
