export { default } from '../ui/not-found';
