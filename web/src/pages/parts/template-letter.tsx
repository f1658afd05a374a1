import { useEffect, useRef } from 'preact/hooks';
import type { NoticePreview } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Facts } from '../../ui/facts';
import { Icon } from '../../ui/icon';
import '../../styles/desk.css';

const STYLES = /<style>([\s\S]*?)<\/style>/g;
const LINKS = / href="[^"]*"/g;

/** A message as an e-mail: its subject, the letter, and the text for whoever reads no HTML. */
export function TemplateLetter({ preview }: { preview: NoticePreview }) {
  return (
    <>
      <Facts items={[{ label: m.template_subject(), value: <span lang={preview.locale}>{preview.subject}</span> }]} />
      <Letter key={preview.locale} html={preview.html} />
      <details class="desk-more">
        <summary>
          {m.template_as_text()}
          <Icon name="down" />
        </summary>
        <pre class="message" lang={preview.locale}>
          {preview.text}
        </pre>
      </details>
    </>
  );
}

/**
 * The letter in a frame in which nothing runs. The site's content policy holds there too and refuses styles that stand in the text, so
 * the letter's own are handed to the frame as a style sheet; the links of an example lead nowhere.
 */
function Letter({ html }: { html: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const measure = () => {
    const letter = frame.current?.contentDocument?.documentElement;
    if (frame.current && letter) frame.current.height = String(letter.offsetHeight);
  };
  const dress = () => {
    const inside = frame.current?.contentWindow as (Window & typeof globalThis) | null | undefined;
    if (!inside) return;
    const sheet = new inside.CSSStyleSheet();
    sheet.replaceSync([...html.matchAll(STYLES)].map(([, styles]) => styles).join('\n'));
    inside.document.adoptedStyleSheets = [sheet];
    measure();
  };
  useEffect(() => {
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);
  return (
    <iframe
      ref={frame}
      class="letter"
      sandbox="allow-same-origin"
      title={m.template_letter()}
      srcdoc={html.replace(STYLES, '').replace(LINKS, '')}
      onLoad={dress}
    />
  );
}
