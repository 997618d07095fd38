export { DevicesModule } from './devices.module.js';
export { DeviceTable } from './infrastructure/device.table.js';
export { DeviceTypeTable } from './infrastructure/device-type.table.js';
