using System.Text.Json;

using k8s;
using k8s.Models;

using Microsoft.Extensions.Logging;

using MiniKube.Api.Errors;

namespace MiniKube.Client.Informers;

/// <summary>
/// Keeps a sink equal to what the server has: lists in pages, watches from the list's version with bookmarks, resumes where a watch ended, and lists again when
/// the server has forgotten that version. Lives as long as its token; no failure of the server ends it.
/// </summary>
internal sealed partial class Reflector<T>(
    IListWatch<T> source, IReflectorSink<T> sink, ListQuery query, TimeProvider clock, Random random, ILogger logger, string name)
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>client-go's size of a page.</summary>
    private const int PageSize = 500;

    /// <summary>A server that ends watches as soon as they start is asked slowly, not in a tight loop.</summary>
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromSeconds(1);

    private readonly ReflectorBackoff _backoff = new(clock, random);

    /// <summary>Where the next watch starts; null when a list is due.</summary>
    private string? _version;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListAndWatchAsync(cancellationToken);
                continue;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (StatusException exception) when (IsForgotten(exception.Status))
            {
                Log.Forgotten(logger, name, _version, exception.Message);
                _version = null;
            }
            catch (Exception exception) when (exception is StatusException or HttpRequestException or IOException or JsonException or OperationCanceledException)
            {
                Log.Failed(logger, _version is null ? "list" : "watch", name, exception.Message);
            }

            await DelayAsync(cancellationToken);
        }
    }

    private async Task ListAndWatchAsync(CancellationToken cancellationToken)
    {
        _version ??= await ListAsync(cancellationToken);
        var started = clock.GetTimestamp();
        var sawEvents = await WatchAsync(cancellationToken);
        if (!sawEvents && clock.GetElapsedTime(started) < ShortestWatch)
        {
            throw new HttpRequestException("The watch ended at once.");
        }
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var objects = new List<T>();
        var page = query with { Limit = PageSize };
        while (true)
        {
            var list = await source.ListAsync(page, cancellationToken);
            foreach (var obj in list.Items)
            {
                objects.Add(Trim(obj));
            }

            if (list.Continue.Length == 0)
            {
                sink.Replace(objects);
                return list.ResourceVersion;
            }

            page = page with { Continue = list.Continue };
        }
    }

    /// <returns>Whether any event came.</returns>
    private async Task<bool> WatchAsync(CancellationToken cancellationToken)
    {
        var any = false;
        // Spread, so that the watches of many clients do not all end, and start again, together.
        var watch = query with { ResourceVersion = _version ?? "", TimeoutSeconds = random.Next(300, 600) };
        await foreach (var change in source.WatchAsync(watch, cancellationToken))
        {
            any = true;
            Apply(change);
            _version = change.Object.Metadata?.ResourceVersion ?? _version;
        }

        return any;
    }

    private void Apply(WatchEvent<T> change)
    {
        switch (change.Type)
        {
            case WatchEventType.Added or WatchEventType.Modified:
                sink.Upsert(Trim(change.Object));
                break;
            case WatchEventType.Deleted:
                sink.Delete(change.Object);
                break;
        }
    }

    // Nobody reads who set which field from a cache, and it is up to half of an object's memory. An update without managedFields leaves the server's as they are.
    private static T Trim(T obj)
    {
        if (obj.Metadata is { } metadata)
        {
            metadata.ManagedFields = null;
        }

        return obj;
    }

    // 410 says so. A version that the server will never reach (it was restored from a backup) is as useless.
    private static bool IsForgotten(V1Status status) =>
        status.Code == 410
        || status.Reason is "Expired" or "Gone"
        || (status.Details?.Causes?.Any(cause => cause.Reason == "ResourceVersionTooLarge") ?? false);

    private async Task DelayAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(_backoff.Next(), clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Failed to {Verb} {Kind}, trying again: {Reason}")]
        public static partial void Failed(ILogger logger, string verb, string kind, string reason);

        [LoggerMessage(LogLevel.Information, "The server cannot go on from version {Version} of {Kind}, listing again: {Reason}")]
        public static partial void Forgotten(ILogger logger, string kind, string? version, string reason);
    }
}
