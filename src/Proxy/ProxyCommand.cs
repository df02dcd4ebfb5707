using System.CommandLine;

using MiniKube.Client;
using MiniKube.Hosting;
using MiniKube.Proxy.Serving;

namespace MiniKube.Proxy;

/// <summary>The command line of the proxy: upstream's flag names and defaults.</summary>
public static class ProxyCommand
{
    private const string Component = "kube-proxy";

    public static Command Create()
    {
        var command = new Command("proxy", "Leads traffic for service addresses to the endpoints behind them.");
        var flags = new ProxyFlags(command);
        command.SetAction((result, cancellationToken) => RunAsync(
            flags.Kubeconfig(result), flags.Logging(result), flags.Options(result), flags.Serving(result), cancellationToken));
        return command;
    }

    private static async Task RunAsync(
        string? kubeconfig, LoggingOptions logging, ProxyOptions options, ProxyServingOptions serving, CancellationToken cancellationToken)
    {
        var builder = ComponentHost.CreateBuilder(Component, logging);
        ProxyServing.Listen(builder, serving);
        builder.Services.AddKubernetesClient(kubeconfig, Component).AddProxy(options);
        await using var app = builder.Build();
        ProxyServing.Map(app, serving);
        await ComponentHost.RunAsync(app, cancellationToken);
    }
}
