using System.CommandLine;
using System.CommandLine.Help;

using MiniKube.Cluster.Raft;
using MiniKube.Cluster.Shell;
using MiniKube.Hosting;

using Spectre.Console;

namespace MiniKube.Cluster.Commands;

/// <summary>The command <c>mk</c>: clusters on this machine, and every component of a cluster.</summary>
public static class MkCommand
{
    private const int Failure = 1;
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            // A component's flags are its own: it is asked before anything else is set up.
            return args is [var name, .. var rest] && Components.Find(name) is { } component
                ? await ComponentProgram.RunAsync(component(), rest)
                : await ComponentProgram.RunAsync(Create(), KubectlCommand.Protect(args));
        }
        catch (Exception exception) when (exception is ClusterException or CommandFailedException)
        {
            await Console.Error.WriteLineAsync($"mk: {exception.Message}");
            return Failure;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("mk: interrupted.");
            return Interrupted;
        }
    }

    internal static Command Create()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings());
        if (!console.Profile.Out.IsTerminal)
        {
            // Nobody looks at columns: lines stay whole.
            console.Profile.Width = int.MaxValue;
        }

        // Not a RootCommand: that is called as its file is.
        var root = new Command("mk", "MiniKube: small, fast Kubernetes clusters on this machine.");
        root.Options.Add(new HelpOption { Recursive = true });
        root.Options.Add(new VersionOption());
        root.Subcommands.Add(UpCommand.Create(console, TimeProvider.System));
        root.Subcommands.Add(DownCommand.Create(console, TimeProvider.System));
        root.Subcommands.Add(StatusCommand.Create(console, TimeProvider.System));
        root.Subcommands.Add(SnapshotCommand.Create(console, TimeProvider.System));
        root.Subcommands.Add(CertsCommand.Create(console, TimeProvider.System));
        root.Subcommands.Add(LoadCommand.Create(console, TimeProvider.System));
        root.Subcommands.Add(KubectlCommand.Create());
        root.Subcommands.Add(HostCommand.Create(TimeProvider.System));
        root.Subcommands.Add(LogsCommand.Create(TimeProvider.System));
        root.Subcommands.Add(EtcdCommand.Create(console, TimeProvider.System));
        root.Subcommands.Add(DemoCommand.Create(console, TimeProvider.System));
        foreach (var action in HostActions.Create(console, TimeProvider.System))
        {
            root.Subcommands.Add(action);
        }

        root.Subcommands.Add(RaftCommand.Create(console, TimeProvider.System));
        root.Subcommands.Add(GatewayCommand.Create());
        root.Subcommands.Add(ControlPlaneCommand.Create());
        foreach (var component in Components.Describe())
        {
            root.Subcommands.Add(component);
        }

        return root;
    }
}
