using System.CommandLine;
using Orders.Bench;
using Orders.Bench.Cli;
using Orders.Bench.Simulation;
using Orders.Bench.Soak;
using Orders.Local.Cli;
using Orders.ServiceDefaults.Hosting;

ProcessEnvironment.Settle();
ProcessEnvironment.ForgetAws();
var command = BenchCommand.Create(settings => new BenchRun(settings, Screen.Console).RunAsync());
command.Subcommands.Add(SimulateCommand.Create(settings => SimulationRun.RunAsync(settings, Screen.Console)));
command.Subcommands.Add(SoakCommand.Create(settings => SoakRun.RunAsync(settings, Screen.Console)));
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
