using System.CommandLine;

using MiniKube.Client;
using MiniKube.Hosting;

namespace MiniKube.ControllerManager;

/// <summary>The command <c>controller-manager</c>: the stand-in for kube-controller-manager.</summary>
public static class ControllerManagerCommand
{
    private const string Component = "kube-controller-manager";

    private const int SecurePort = 10257;

    public static Command Create()
    {
        var command = new Command("controller-manager", "Runs the controllers that drive a cluster to what its objects ask for.");
        var flags = new ControllerManagerFlags(command, Component);
        var common = new CommonOptions(command, SecurePort);
        command.SetAction((result, cancellationToken) => RunAsync(flags, common, result, cancellationToken));
        return command;
    }

    private static Task RunAsync(ControllerManagerFlags flags, CommonOptions common, ParseResult result, CancellationToken cancellationToken)
    {
        var builder = ComponentHost.CreateBuilder(Component, common.Logging(result)).ServeAt(common.Serving(result));
        builder.Services
            .AddKubernetesClient(flags.Kubeconfig(result), Component)
            .AddServiceAccountClients()
            .AddEventRecorder(Component)
            .AddLeaderElection(flags.LeaderElection(result))
            .AddSingleton(flags.Options(result))
            .AddControllers()
            .AddHostedService<ControllerManagerService>();
        return ComponentHost.RunAsync(builder.Build(), cancellationToken);
    }
}
