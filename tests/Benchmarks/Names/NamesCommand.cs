using System.CommandLine;

namespace MiniKube.Benchmarks.Names;

/// <summary><c>names</c>: how many queries a second the cluster's name server answers. Run it on a host of the cluster: <c>mk host node1 -- PROGRAM names</c>.</summary>
internal static class NamesCommand
{
    public static Command Create()
    {
        var server = new Option<string>("--server") { Description = "The name server's address.", DefaultValueFactory = _ => "10.96.0.10" };
        var name = new Option<string>("--name") { Description = "What it is asked for.", DefaultValueFactory = _ => "kubernetes.default.svc.cluster.local" };
        var clients = new Option<int>("--clients") { Description = "How many ask at the same time.", DefaultValueFactory = _ => 16 };
        var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 10 };
        var file = new Option<string?>("--json") { Description = "A file to write the figures to." };
        var command = new Command("names", "Queries a second of the cluster's name server, and how long they take.");
        command.Options.Add(server);
        command.Options.Add(name);
        command.Options.Add(clients);
        command.Options.Add(seconds);
        command.Options.Add(file);
        command.SetAction(async (result, cancellationToken) =>
        {
            var clock = TimeProvider.System;
            var figures = await new NamesBenchmark(clock).RunAsync(
                result.GetValue(server) ?? "", result.GetValue(name) ?? "", result.GetValue(clients), TimeSpan.FromSeconds(result.GetValue(seconds)), cancellationToken);
            Report.Write("names", figures, result.GetValue(file), clock);
        });
        return command;
    }
}
