import { useEffect } from 'preact/hooks';
import { LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import { safeBack, signInAddress } from './session/back';
import { loadSession, session } from './session/session';
import { Boundary } from './ui/boundary';
import { Skeleton } from './ui/loaded';
import NotFound from './ui/not-found';
import { Failed } from './ui/notice';
import { Outside } from './ui/outside';
import { Shell } from './ui/shell';

const SignIn = lazy(() => import('./pages/sign-in'));
const ForgottenPassword = lazy(() => import('./pages/forgotten-password'));
const Home = lazy(() => import('./pages/home'));
const Contracts = lazy(() => import('./pages/contracts'));
const ContractPage = lazy(() => import('./pages/contract'));
const AccountPage = lazy(() => import('./pages/account'));
const Explain = lazy(() => import('./pages/explain'));
const PostCharge = lazy(() => import('./pages/post-charge'));
const ReverseEntry = lazy(() => import('./pages/reverse-entry'));
const OwnData = lazy(() => import('./pages/own-data'));
const Password = lazy(() => import('./pages/password'));
const BankStatements = lazy(() => import('./pages/bank-statements'));
const BankStatementPage = lazy(() => import('./pages/bank-statement'));
const UnmatchedTransfers = lazy(() => import('./pages/unmatched-transfers'));
const DataImport = lazy(() => import('./pages/data-import'));
const People = lazy(() => import('./pages/people'));
const PersonPage = lazy(() => import('./pages/person'));

export function App() {
  return (
    <LocationProvider>
      <Body />
    </LocationProvider>
  );
}

function Body() {
  const { path, url, query, route } = useLocation();
  const outside = path === '/sign-in' || path === '/forgotten-password';
  const { state } = session.value;
  const left = session.value.state === 'out' && session.value.left;
  useEffect(() => {
    if (state === 'out' && !outside) route(left ? '/sign-in' : signInAddress(url), true);
    if (state === 'in' && outside) route(safeBack(query.back), true);
  }, [state, left, outside, url, query.back, route]);

  if (outside) {
    return (
      <Outside>
        <Boundary path={path}>
          <Router>
            <Route path="/sign-in" component={SignIn} />
            <Route path="/forgotten-password" component={ForgottenPassword} />
          </Router>
        </Boundary>
      </Outside>
    );
  }
  if (session.value.state === 'failed') {
    return (
      <main class="alone">
        <Failed problem={session.value.problem} retry={() => void loadSession()} />
      </main>
    );
  }
  if (state !== 'in') {
    return (
      <main class="alone">
        <Skeleton lines={5} />
      </main>
    );
  }
  return (
    <Shell>
      <Boundary path={path}>
        <Router>
          <Route path="/" component={Home} />
          <Route path="/contracts" component={Contracts} />
          <Route path="/contracts/:contract_id" component={ContractPage} />
          <Route path="/accounts/:contract_id" component={AccountPage} />
          <Route path="/accounts/:contract_id/explain" component={Explain} />
          <Route path="/accounts/:contract_id/new-charge" component={PostCharge} />
          <Route path="/accounts/:contract_id/reverse/:entry_id" component={ReverseEntry} />
          <Route path="/own-data" component={OwnData} />
          <Route path="/own-data/password" component={Password} />
          <Route path="/bank-statements" component={BankStatements} />
          <Route path="/bank-statements/:import_id" component={BankStatementPage} />
          <Route path="/unmatched-transfers" component={UnmatchedTransfers} />
          <Route path="/data-import" component={DataImport} />
          <Route path="/people" component={People} />
          <Route path="/people/:person_id" component={PersonPage} />
          <Route default component={NotFound} />
        </Router>
      </Boundary>
    </Shell>
  );
}
