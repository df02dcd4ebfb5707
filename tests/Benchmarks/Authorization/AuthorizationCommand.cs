using System.CommandLine;

namespace MiniKube.Benchmarks.Authorization;

/// <summary><c>authorization</c>: what a request pays for the questions who sends it and whether he may.</summary>
internal static class AuthorizationCommand
{
    public static Command Create()
    {
        var samples = new Option<int>("--samples") { Description = "How often each figure is taken.", DefaultValueFactory = _ => 20 };
        var file = new Option<string?>("--json") { Description = "A file to write the figures to." };
        var command = new Command("authorization", "Times RBAC with upstream's roles, and the check of a service account token.");
        command.Options.Add(samples);
        command.Options.Add(file);
        command.SetAction(async (result, _) => Report.Write(
            "authorization", await AuthorizationBenchmark.RunAsync(result.GetValue(samples)), result.GetValue(file), TimeProvider.System));
        return command;
    }
}
