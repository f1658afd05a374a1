import type { Me } from '../api/types';
import { m } from '../paraglide/messages.js';

export type Role = Me['grants'][number]['role'];

export const ROLES: Record<Role, () => string> = {
  tenant: m.role_tenant,
  owner: m.role_owner,
  board_member: m.role_board_member,
  supplier: m.role_supplier,
  staff: m.role_staff,
  administrator: m.role_administrator,
};

export const roleText = (role: Role): string => ROLES[role]?.() ?? role;
