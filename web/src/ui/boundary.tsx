import { Component, type ComponentChildren } from 'preact';
import { m } from '../paraglide/messages.js';
import { Page } from './page';

interface Props {
  /** Another path gets another chance. */
  path: string;
  children: ComponentChildren;
}

/** What stands in place of a page that could not be shown, or whose code could not be fetched. */
export function Broken() {
  return (
    <Page title={m.broken_title()} lead={m.broken_text()} testId="broken">
      <p>
        <button type="button" class="button" onClick={() => location.reload()}>
          {m.broken_reload()}
        </button>
      </p>
    </Page>
  );
}

/** The last resort: a page that could not be shown (an old version after an update, a fault of ours) offers a fresh start. */
export class Boundary extends Component<Props, { failedPath: string | null }> {
  override state = { failedPath: null as string | null };

  override componentDidCatch() {
    this.setState({ failedPath: this.props.path });
  }

  override render() {
    return this.state.failedPath === this.props.path ? <Broken /> : this.props.children;
  }
}
