using System.CommandLine;

namespace MiniKube.Benchmarks.Clients;

/// <summary><c>clients</c>: what a person at a terminal waits for.</summary>
internal static class ClientsCommand
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each command is run.", DefaultValueFactory = _ => 10 };
        var versions = new Option<string[]>("--kubectl")
        {
            Description = "The versions of kubectl to time; eng/install-kubectl fetches them.",
            DefaultValueFactory = _ => ["1.35"],
            AllowMultipleArgumentsPerToken = true,
        };
        var file = new Option<string?>("--json") { Description = "A file to write the figures to." };
        var command = new Command("clients", "Times kubectl get, apply and explain with a cold and a warm discovery cache, and both OpenAPI documents.");
        command.Options.Add(rounds);
        command.Options.Add(versions);
        command.Options.Add(file);
        command.SetAction(async (result, cancellationToken) =>
        {
            var clock = TimeProvider.System;
            var figures = await new ClientsBenchmark(clock).RunAsync(result.GetValue(rounds), result.GetValue(versions) ?? [], cancellationToken);
            Report.Write("clients", figures, result.GetValue(file), clock);
        });
        return command;
    }
}
