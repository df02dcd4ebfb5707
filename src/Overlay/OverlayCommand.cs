using System.CommandLine;
using System.Net;

using MiniKube.Hosting;
using MiniKube.Hosting.Commands;
using MiniKube.Storage;
using MiniKube.Storage.Etcd;

namespace MiniKube.Overlay;

/// <summary>The command line of the overlay: flanneld's flags.</summary>
public static class OverlayCommand
{
    public static Command Create()
    {
        var command = new Command("overlay", "Gives this node a subnet for its pods and leads packets to the pods of other nodes.");
        var flags = new OverlayFlags(command);
        command.SetAction((result, cancellationToken) => RunAsync(
            flags.Logging(result), flags.Etcd(result), flags.Options(result), flags.Healthz(result), cancellationToken));
        return command;
    }

    private static async Task RunAsync(
        LoggingOptions logging, EtcdStoreOptions etcd, OverlayOptions options, IPEndPoint? healthz, CancellationToken cancellationToken)
    {
        var builder = ComponentHost.CreateBuilder("flanneld", logging);
        if (healthz is null)
        {
            builder.ServeAt(new ServingOptions { SecurePort = 0 });
        }
        else
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(healthz));
        }

        builder.Services
            .AddSingleton(etcd)
            .AddSingleton(options)
            .AddSingleton<ICommandRunner, CommandRunner>()
            .AddSingleton<IKeyValueStore, EtcdStore>()
            .AddSingleton<OverlayAgent>()
            .AddHostedService(provider => provider.GetRequiredService<OverlayAgent>());
        await using var app = builder.Build();
        await ComponentHost.RunAsync(app, cancellationToken);
    }
}
