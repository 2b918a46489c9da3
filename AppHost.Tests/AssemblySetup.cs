using Orders.AppHost.Tests;
using Xunit;

// All tests share one AppHost, and some stop a part of it: so one test runs at a time.
[assembly: AssemblyFixture(typeof(RunningAppHost))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]
