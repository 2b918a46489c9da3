using Orders.ServiceDefaults;
using Orders.ServiceDefaults.Commands;
using Orders.Sync;

return CommandRunner.Asked(args)
    ? await SyncCommands.RunAsync(args)
    : await SyncHost.Build(new() { Args = args }, settings => LocalStores.AddInDevelopment(settings, Directory.GetCurrentDirectory())).RunServiceAsync();
