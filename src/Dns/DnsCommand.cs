using System.CommandLine;

using MiniKube.Client;
using MiniKube.Hosting;

namespace MiniKube.Dns;

/// <summary>The command <c>dns</c>: the cluster's name server, in the place of CoreDNS.</summary>
public static class DnsCommand
{
    private const string Component = "dns";

    // The port on which CoreDNS serves its metrics.
    private const int SecurePort = 9153;

    public static Command Create()
    {
        var command = new Command("dns", "Answers for the names of services and pods.");
        var flags = new DnsFlags(command);
        var common = new CommonOptions(command, SecurePort);
        command.SetAction((result, cancellationToken) =>
        {
            var builder = ComponentHost.CreateBuilder(Component, common.Logging(result)).ServeAt(common.Serving(result));
            builder.Services.AddKubernetesClient(flags.Kubeconfig(result), Component).AddDns(flags.Options(result));
            return ComponentHost.RunAsync(builder.Build(), cancellationToken);
        });
        return command;
    }
}
