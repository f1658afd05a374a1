import { rowText } from '../../i18n/reading-rows';

/** Why a whole file was not imported. */
export default function ReadingImportFailure({ code }: { code: string }) {
  return <p>{rowText(code, {})}</p>;
}
