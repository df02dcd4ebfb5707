using System.CommandLine;

using MiniKube.ApiServer.Backup;

namespace MiniKube.ApiServer;

/// <summary>The command line: upstream's flags, and <c>--embedded-store</c>.</summary>
public static class ApiServerCommand
{
    public static Command Create()
    {
        var command = new Command("apiserver", "Serves the Kubernetes API from etcd or an embedded store.");
        var flags = new ApiServerFlags(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var server = await ApiServerHost.StartAsync(flags.Read(result), TimeProvider.System, cancellationToken);
            await server.RunAsync(cancellationToken);
        });
        command.Subcommands.Add(SnapshotCommand.Create());
        return command;
    }
}
