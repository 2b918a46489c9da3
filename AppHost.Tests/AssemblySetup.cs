using Orders.AppHost.Tests;
using Xunit;

// One AppHost for all tests, some of which stop a part of it: one test at a time.
[assembly: AssemblyFixture(typeof(RunningAppHost))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]
