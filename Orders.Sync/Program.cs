using Orders.ServiceDefaults;
using Orders.Sync;

return await SyncHost.Build(new() { Args = args }).RunServiceAsync();
