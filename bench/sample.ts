/** About as large as settings usually are. */
export const SETTING_VALUE = { pool_size: 10, timeout_ms: 2_500, hosts: ['a.example.com', 'b.example.com'] };
