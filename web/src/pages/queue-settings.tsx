import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Tabs } from '../ui/tabs';
import '../i18n/desk-codes';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { LoadedPage } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { AnswersEditor } from './parts/answers-editor';
import { useDesk } from './parts/desk-data';
import { RulesEditor } from './parts/rules-editor';
import '../styles/desk.css';

export default function QueueSettings() {
  return isStaff() ? <Loaded /> : <NotFound />;
}

function Loaded() {
  const { query } = useLocation();
  // Asked again after each saving: what was saved is what is shown.
  const [round, setRound] = useState(0);
  const desk = useDesk(String(round));
  const administrator = currentMe().roles.includes('administrator');
  const rules = administrator && query.tab === 'rules';
  const [saved, setSaved] = useState(false);
  const done = () => {
    setSaved(true);
    setRound(round + 1);
  };
  return (
    <LoadedPage of={desk} title={m.queue_settings()}>
      {(data) => (
        <Page title={m.queue_settings()} above={<a href="/queue">{m.queue_title()}</a>}>
          {administrator && (
            <Tabs
              tabs={[
                ['answers', '/queue/settings', m.queue_answers()],
                ['rules', '/queue/settings?tab=rules', m.queue_rules()],
              ]}
              at={rules ? 'rules' : 'answers'}
            />
          )}
          <p class="muted" role="status" data-testid={saved ? 'saved' : undefined}>
            {saved && m.queue_saved()}
          </p>
          {rules ? (
            <RulesEditor key={`rules ${round}`} settings={data.settings} onSaved={done} />
          ) : (
            <AnswersEditor
              key={`answers ${round}`}
              answers={data.desk.answers}
              version={data.desk.answers_version}
              onSaved={done}
            />
          )}
        </Page>
      )}
    </LoadedPage>
  );
}
