using Orders.ServiceDefaults;
using Orders.Sync;
using Orders.ServiceDefaults.Commands;

return CommandRunner.Asked(args)
    ? await SyncCommands.RunAsync(args)
    : await SyncHost.Build(new() { Args = args }, settings => LocalStores.AddInDevelopment(settings, Directory.GetCurrentDirectory())).RunServiceAsync();
