using MiniKube.Storage.Tests.Embedded;
using MiniKube.Storage.Tests.Etcd;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace MiniKube.Storage.Tests;

/// <summary>Runs the tests, as xunit's own entry point would, or is the process that a crash test kills, or the one that lives in a network of its own.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        [CrashWriter.Command, var path] => CrashWriter.RunAsync(path),
        [BlackHole.Command] => BlackHole.RunAsync(),
        _ when args.Contains("--server") => TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => ConsoleRunner.Run(args),
    };
}
