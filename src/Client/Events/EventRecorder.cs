using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;

using k8s;
using k8s.Models;

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;

namespace MiniKube.Client.Events;

/// <summary>Queues events (up to a thousand; more are dropped, since an event is never worth waiting for) and writes them one after the other.</summary>
internal sealed partial class EventRecorder(IObjectClient client, EventSource source, TimeProvider clock, ILogger<EventRecorder> logger)
    : BackgroundService, IEventRecorder, IEventRecorders
{
    // client-go's numbers.
    private const int MaxQueued = 1000;
    private const int MaxTries = 12;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private readonly EventCorrelator _correlator = new(clock);
    private readonly Channel<Corev1Event> _queue = Channel.CreateBounded<Corev1Event>(
        new BoundedChannelOptions(MaxQueued) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Record(IKubernetesObject<V1ObjectMeta> about, string type, string reason, string message, string fieldPath = "") =>
        Record(source, about.ToReference(fieldPath), type, reason, message);

    public IEventRecorder For(string component) => new Named(this, source with { Component = component });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var @event in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            if (_correlator.Correlate(@event) is { } correlated)
            {
                await WriteWithRetriesAsync(correlated, stoppingToken);
            }
        }
    }

    private async Task WriteWithRetriesAsync(CorrelatedEvent correlated, CancellationToken cancellationToken)
    {
        for (var tries = 1; tries <= MaxTries; tries++)
        {
            try
            {
                _correlator.Stored(correlated.Key, await WriteAsync(correlated, cancellationToken));
                return;
            }
            catch (StatusException exception)
            {
                // The server has answered: asking again would not change it. AlreadyExists is an earlier try whose answer was lost.
                Log.Refused(logger, correlated.Event.Reason, correlated.Event.InvolvedObject?.Name, exception.Message);
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
            {
                Log.Failed(logger, correlated.Event.Reason, exception.Message);
                await Task.Delay(RetryDelay, clock, cancellationToken);
            }
        }
    }

    private async Task<Corev1Event> WriteAsync(CorrelatedEvent correlated, CancellationToken cancellationToken)
    {
        if (!correlated.IsRepeated)
        {
            return await client.CreateAsync(correlated.Event, cancellationToken);
        }

        try
        {
            return await client.PatchAsync<Corev1Event>(correlated.Event.Key(), CountPatch(correlated.Event), null, cancellationToken);
        }
        catch (StatusException exception) when (exception.Status.Code == 404)
        {
            // Events live for an hour. This one goes on under a name of its own.
            var name = Name(correlated.Event.InvolvedObject?.Name);
            return await client.CreateAsync(
                correlated.Event with { Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = correlated.Event.Metadata?.NamespaceProperty } },
                cancellationToken);
        }
    }

    private static V1Patch CountPatch(Corev1Event @event) => new(
        new { count = @event.Count, lastTimestamp = @event.LastTimestamp, message = @event.Message }, V1Patch.PatchType.MergePatch);

    private void Record(EventSource from, V1ObjectReference about, string type, string reason, string message) =>
        _queue.Writer.TryWrite(Create(from, about, type, reason, message));

    private Corev1Event Create(EventSource from, V1ObjectReference about, string type, string reason, string message)
    {
        var now = clock.GetKubernetesNow();
        return new Corev1Event
        {
            ApiVersion = "v1",
            Kind = "Event",
            Metadata = new V1ObjectMeta { Name = Name(about.Name), NamespaceProperty = about.NamespaceProperty ?? "default" },
            InvolvedObject = about,
            Type = type,
            Reason = reason,
            Message = message,
            Count = 1,
            FirstTimestamp = now,
            LastTimestamp = now,
            Source = new V1EventSource { Component = from.Component, Host = from.Host.Length == 0 ? null : from.Host },
            ReportingComponent = from.Component,
            ReportingInstance = from.Host,
        };
    }

    // Upstream's form: the object's name and the time in nanoseconds, in hexadecimal.
    private string Name(string? about) =>
        $"{about}.{((clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick).ToString("x", CultureInfo.InvariantCulture)}";

    private sealed class Named(EventRecorder recorder, EventSource from) : IEventRecorder
    {
        public void Record(IKubernetesObject<V1ObjectMeta> about, string type, string reason, string message, string fieldPath = "") =>
            recorder.Record(from, about.ToReference(fieldPath), type, reason, message);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The server refused the event {Reason} about {Name}: {Answer}")]
        public static partial void Refused(ILogger logger, string? reason, string? name, string answer);

        [LoggerMessage(LogLevel.Debug, "Failed to write the event {Reason}, trying again: {Problem}")]
        public static partial void Failed(ILogger logger, string? reason, string problem);
    }
}
