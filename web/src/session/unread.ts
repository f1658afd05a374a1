import { signal } from '@preact/signals';

/** How many notices the reader has not read, as last heard of; 100 stands for that and more, null for not known yet. */
export const unread = signal<number | null>(null);
