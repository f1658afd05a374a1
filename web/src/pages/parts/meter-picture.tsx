import type { Attachment } from '../../api/types';
import { Attachments } from './attachments';
import '../../styles/tickets.css';

/** The photo of a reading; few readings have one, so that it comes with a file of its own. */
export default function MeterPicture({ photo }: { photo: Attachment }) {
  return <Attachments items={[photo]} />;
}
