import type { Steps } from '../step.js';

export const DEVICE_STEPS: Steps = {
  createDeviceType: { body: { key: 'smart_light_{{run}}', status_values: ['on', 'off'] } },
  registerDevice: { body: { device_type: '{{deviceTypeKey}}', mac_address: '02:{{macBytes}}' } },
  registerDeviceByMac: {
    ...{ path: { mac: '06:{{macBytes}}' }, status: 201, body: { device_type: '{{deviceTypeKey}}' } },
    keep: { foundDeviceId: 'id' },
  },
  batchDevices: { whole: { operations: [{ op: 'update', id: '{{deviceId}}', name: 'In a batch' }] } },
  batchDeviceStatuses: { whole: { reports: [{ device_id: '{{deviceId}}', value: 'off' }] } },
  importDevices: {
    ...{ type: 'text/csv', query: { dry_run: 'true' } },
    whole: 'device_type,name,mac_address\n{{deviceTypeKey}},Imported,0a:{{macBytes}}\n',
  },
  deleteDevice: [{}, { as: 'foundDevice', path: { id: '{{foundDeviceId}}' } }],
};
