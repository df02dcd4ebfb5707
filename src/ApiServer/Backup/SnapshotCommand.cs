using System.CommandLine;
using System.Globalization;

using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Storage;
using MiniKube.Storage.Embedded;
using MiniKube.Storage.Snapshots;

namespace MiniKube.ApiServer.Backup;

/// <summary>
/// <c>apiserver snapshot save|restore FILE</c>, with the flags that the server itself is run with. Saving goes on beside a running server; for restoring, every
/// server of the store must be stopped.
/// </summary>
internal static class SnapshotCommand
{
    private const string Prefix = "/registry/";

    // These end by themselves: events after an hour, the servers' own leases after seconds. Their time to live is not in a snapshot.
    private static readonly string[] Passing = ["/registry/events/", "/registry/masterleases/"];

    // What a server may have written since the snapshot, where the store that knew is lost.
    private const long DefaultMargin = 10_000;

    public static Command Create()
    {
        var command = new Command("snapshot", "Save or restore what the store holds.");
        command.Subcommands.Add(Create("save", "Write all objects, as they are at one revision, to a file.", SaveAsync));
        var margin = new Option<long>("--bump-revision")
        {
            Description = "How many revisions to pass over where the store that the snapshot is of is lost: at least as many as it has given out since.",
            DefaultValueFactory = _ => DefaultMargin,
        };
        var restore = Create(
            "restore", "Make the store hold what the file does, at new revisions. No API server may run.", (options, file, result, cancellationToken) =>
                RestoreAsync(options, file, result.GetValue(margin), cancellationToken));
        restore.Options.Add(margin);
        command.Subcommands.Add(restore);
        return command;
    }

    private static Command Create(string name, string description, Func<ApiServerOptions, string, ParseResult, CancellationToken, Task<SnapshotSummary>> act)
    {
        var command = new Command(name, description);
        var file = new Argument<string>("file") { Description = "The snapshot." };
        command.Arguments.Add(file);
        var flags = new ApiServerFlags(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            try
            {
                var summary = await act(flags.Read(result), result.GetRequiredValue(file), result, cancellationToken);
                await result.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{summary.Keys} keys of revision {summary.Revision}"));
                return 0;
            }
            catch (Exception error) when (error is StorageException or IOException or UnauthorizedAccessException)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync(error.Message);
                return 1;
            }
        });
        return command;
    }

    private static async Task<SnapshotSummary> SaveAsync(ApiServerOptions options, string file, ParseResult result, CancellationToken cancellationToken)
    {
        var copy = file + ".copy";
        var next = file + ".next";
        try
        {
            if (options.EtcdServers.Count == 0)
            {
                await EmbeddedStore.CopyAsync(options.EmbeddedStore, copy, cancellationToken);
                options = options with { EmbeddedStore = copy };
            }

            SnapshotSummary summary;
            await using (var store = await StoreFactory.OpenAsync(options, NullLoggerFactory.Instance, TimeProvider.System, cancellationToken))
            await using (var output = OpenPrivately(next))
            {
                summary = await StoreSnapshot.SaveAsync(
                    store, KeyRange.Prefix(Prefix), key => !Passing.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)), output, cancellationToken);
                output.Flush(flushToDisk: true);
            }

            // All of it or nothing: a snapshot that was there before stays until this one is whole.
            File.Move(next, file, overwrite: true);
            return summary;
        }
        finally
        {
            foreach (var left in (string[])[next, copy, copy + "-wal", copy + "-shm", copy + ".lock"])
            {
                File.Delete(left);
            }
        }
    }

    private static async Task<SnapshotSummary> RestoreAsync(ApiServerOptions options, string file, long margin, CancellationToken cancellationToken)
    {
        await using var input = File.OpenRead(file);
        await using var store = await StoreFactory.OpenAsync(options, NullLoggerFactory.Instance, TimeProvider.System, cancellationToken);
        return await StoreSnapshot.RestoreAsync(store, KeyRange.Prefix(Prefix), input, margin, cancellationToken);
    }

    // It holds every Secret of the cluster.
    private static FileStream OpenPrivately(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
