using System.CommandLine;

using MiniKube.Client;
using MiniKube.Client.LeaderElection;
using MiniKube.Hosting;

namespace MiniKube.Scheduler;

/// <summary>The command line of the scheduler: upstream's flag names and defaults.</summary>
public static class SchedulerCommand
{
    private const string Component = "kube-scheduler";
    private const int DefaultSecurePort = 10259;

    public static Command Create()
    {
        var command = new Command("scheduler", "Assigns pods to nodes.");
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The kubeconfig file with the address and the credentials for the API server." };
        command.Options.Add(kubeconfig);
        var common = new CommonOptions(command, DefaultSecurePort);
        var election = new LeaderElectionFlags(command, Component);
        command.SetAction((result, cancellationToken) =>
            RunAsync(result.GetValue(kubeconfig), common.Logging(result), common.Serving(result), election.Options(result), cancellationToken));
        return command;
    }

    private static async Task RunAsync(
        string? kubeconfig, LoggingOptions logging, ServingOptions serving, LeaderElectionOptions election, CancellationToken cancellationToken)
    {
        var builder = ComponentHost.CreateBuilder(Component, logging).ServeAt(serving);
        builder.Services
            .AddKubernetesClient(kubeconfig, Component)
            .AddEventRecorder(DefaultProfile.SchedulerName)
            .AddLeaderElection(election)
            .AddScheduler();
        await using var app = builder.Build();
        await ComponentHost.RunAsync(app, cancellationToken);
    }
}
