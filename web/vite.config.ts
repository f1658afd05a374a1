import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const backend = process.env.LOKUM_API ?? 'http://127.0.0.1:8080';

const BASE = /node_modules|paraglide[\\/](runtime|registry)/;
const COMMON =
  /src[\\/](session|theme)[\\/]|src[\\/]ui[\\/](?!choices|dialog|progress)|src[\\/]api[\\/](client|problem|resource)|src[\\/]i18n[\\/](codes|format|locale)/;
const SENDING = /src[\\/]api[\\/](upload|polling)/;
const BANK = /messages[\\/](bank|candidate|file|import|reason)_|bank-codes/;
const LEDGER =
  /messages[\\/](allocation|charge|entry|explain|payment|purpose|role|type|unit)_|i18n[\\/](words|roles)\.ts/;
const TRAY = /api[\\/](tray|pictures|checks)\./;
const FILES = /messages[\\/]ticket_(file_(sending|checking|ready|remove|waits)|files_)|parts[\\/]files\./;
const UPLOADS = /messages[\\/]code_upload_(?!not_found|too_large|type_refused)|i18n[\\/]upload-codes/;
// What is said when staff take a step; what pages of outages and works share.
const STEPS =
  /messages[\\/]queue_(step_|reason|remark|result|tenant_reads|insert)|i18n[\\/]step-words|parts[\\/](step-dialog|insert-answer)/;
const INCIDENTS = /messages[\\/]incident_|parts[\\/]incident-/;
// What only pages of the staff share; what pages of tickets share; what a ticket's page shares with that of the staff.
const DESK =
  /messages[\\/](queue_|code_desk_|ticket_(channel|status_(new|accepted|waiting)))|i18n[\\/](desk-(codes|words)|inner-)|parts[\\/](desk|queue)-/;
const TICKETS =
  /messages[\\/](ticket_(status|outcome|type|part)|code_ticket)|ticket-(words|codes)|api[\\/]following|parts[\\/]categories\./;
const TALK = /messages[\\/]ticket_(entry|by|stars)|ticket-entries|parts[\\/](timeline|attachments|stars)\./;

// What pages of meters share, those of residents and those of staff; what the checks of a reading say.
const METERS =
  /messages[\\/]meter_(allocator|code|cold|common|date|electricity|flats|gas|heat|hot|in_|none|number|reading|register|status|window_(?!open))|i18n[\\/](meter-words|reading-media)|parts[\\/]meter-(name|flats|window)\./;
// The page of all meters shares this with its own later parts, which does not count as sharing.
const SHEET = /messages[\\/]meter_date|parts[\\/]meter-(sheet|drafts)\./;
const SAYS = /messages[\\/]meter_says|i18n[\\/]meter-findings/;

// What pages of meters of the staff share: where one goes between them, their refusals; forms about a counter.
const READINGS =
  /messages[\\/](reading_(code|settings\.|meters\.|imports|medium|unit\.|state|verified|last\.)|held_tab)|i18n[\\/]reading-codes|parts[\\/](reading-tabs|meter-staff-page)\./;
const COUNTERS = /messages[\\/]reading_(device|closing|opening|seal|same|new_number)|parts[\\/]device-fields\./;
// What a page shares with those of its parts that come later: without this they would be counted with the whole page.
const HELD =
  /messages[\\/](held_unit|held_gone|held_title|reading_common|reading_meter_number)\.|parts[\\/]held-where\./;
const ROWS =
  /messages[\\/](reading_import_(held|refused|readings|meters|unnamed|accepted)|reading_(number|day|value))\./;
// What pages of lists of the staff share; lists that are followed; what all imports of files say.
const STAFF =
  /messages[\\/]queue_(any|community|keys|key_help|new_choose|saved|reason_wanted|reason|tenant_reads)\.|parts[\\/]desk-(data|keys)\./;
const FOLLOWING = /api[\\/]following/;
const IMPORTS =
  /messages[\\/](bank_(created|duplicates|earlier|line|name|progress|sending|what_is_wrong|whole_file)|data_(again|file|file_wanted|invalid_choice|invalid_date|not_a_zip|rows|too_long|too_many_rows)|import_\w+)\.|i18n[\\/]import-states|ui[\\/]progress/;
const DATA = /messages[\\/]data_|i18n[\\/]data-codes/;

export default defineConfig({
  plugins: [preact()],
  build: {
    target: 'es2022',
    // The strict content security policy allows neither inline scripts nor data: addresses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true,
    rolldownOptions: {
      output: {
        // Texts and parts that many pages share would otherwise become dozens of files of 200 bytes.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'base', test: BASE, priority: 9 },
            { name: 'common', test: COMMON, minShareCount: 3, priority: 8 },
            { name: 'sending', test: SENDING, minShareCount: 2, priority: 7 },
            { name: 'bank', test: BANK, minShareCount: 2, priority: 6 },
            { name: 'ledger', test: LEDGER, minShareCount: 2, priority: 6 },
            { name: 'uploads', test: UPLOADS, minShareCount: 2, priority: 6 },
            { name: 'files', test: FILES, minShareCount: 2, priority: 6 },
            { name: 'meters', test: METERS, minShareCount: 2, priority: 6 },
            { name: 'sheet', test: SHEET, priority: 7 },
            { name: 'says', test: SAYS, minShareCount: 2, priority: 6 },
            { name: 'tray', test: TRAY, minShareCount: 2, priority: 7 },
            { name: 'readings', test: READINGS, minShareCount: 2, priority: 6 },
            { name: 'rows', test: ROWS, priority: 7 },
            { name: 'held', test: HELD, priority: 7 },
            { name: 'counters', test: COUNTERS, minShareCount: 2, priority: 6 },
            { name: 'staff', test: STAFF, minShareCount: 2, priority: 7 },
            { name: 'following', test: FOLLOWING, minShareCount: 2, priority: 7 },
            { name: 'imports', test: IMPORTS, minShareCount: 2, priority: 7 },
            { name: 'data', test: DATA, minShareCount: 2, priority: 5 },
            { name: 'steps', test: STEPS, minShareCount: 2, priority: 6 },
            { name: 'incidents', test: INCIDENTS, minShareCount: 2, priority: 6 },
            { name: 'desk', test: DESK, minShareCount: 2, priority: 5 },
            { name: 'tickets', test: TICKETS, minShareCount: 2, priority: 4 },
            { name: 'talk', test: TALK, minShareCount: 2, priority: 3 },
          ],
        },
      },
    },
  },
  server: { host: '127.0.0.1', proxy: { '/api': backend } },
});
