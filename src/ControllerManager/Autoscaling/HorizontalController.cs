using System.Collections.Concurrent;

using k8s;
using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>Sets the replicas of what an autoscaler names so that the use of resources stays where it is wanted.</summary>
internal sealed class HorizontalController : IController
{
    private readonly IObjectClient _client;
    private readonly ILister<V2HorizontalPodAutoscaler> _autoscalers;
    private readonly ScaleTargets _targets;
    private readonly MetricEvaluator _metrics;
    private readonly IEventRecorder _events;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _period;
    private readonly TimeSpan _downWindow;
    private readonly ConcurrentDictionary<NamespacedName, ScaleHistory> _histories = new();

    public HorizontalController(
        IObjectClient client,
        ILister<V2HorizontalPodAutoscaler> autoscalers,
        ILister<V1Pod> pods,
        ScaleTargets targets,
        IEventRecorders recorders,
        ControllerManagerOptions options,
        TimeProvider clock)
    {
        (_client, _autoscalers, _targets, _clock) = (client, autoscalers, targets, clock);
        (_period, _downWindow) = (options.HorizontalPodAutoscalerSyncPeriod, options.HorizontalPodAutoscalerDownscaleStabilization);
        Workers = options.ConcurrentHorizontalPodAutoscalerSyncs;
        _metrics = new MetricEvaluator(new MetricsReader(client), pods);
        _events = recorders.For("horizontal-pod-autoscaler");
    }

    public string Name => "horizontal-pod-autoscaler-controller";

    public int Workers { get; }

    public void Configure(ControllerBuilder controller) => ScaleTargets.Configure(controller.For<V2HorizontalPodAutoscaler>().Reads<V1Pod>());

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!_autoscalers.TryGet(key, out var autoscaler))
        {
            _histories.TryRemove(key, out _);
            return ReconcileResult.Done;
        }

        var now = _clock.GetKubernetesNow();
        var status = new AutoscalerStatus(autoscaler, now);
        try
        {
            await ScaleAsync(autoscaler, status, now, cancellationToken);
        }
        catch (AutoscalingException exception)
        {
            status.Set(exception.Reason is "FailedGetScale" ? "AbleToScale" : "ScalingActive", "False", exception.Reason, exception.Message);
            _events.Record(autoscaler, "Warning", exception.Reason, exception.Message);
        }

        if (KubernetesJson.Serialize(status.Value) != KubernetesJson.Serialize(autoscaler.Status ?? new V2HorizontalPodAutoscalerStatus()))
        {
            await _client.UpdateStatusAsync(autoscaler with { Status = status.Value }, cancellationToken);
        }

        return new ReconcileResult(_period);
    }

    private async Task ScaleAsync(V2HorizontalPodAutoscaler autoscaler, AutoscalerStatus status, DateTime now, CancellationToken cancellationToken)
    {
        var target = _targets.Find(autoscaler.Key().Namespace, autoscaler.Spec.ScaleTargetRef);
        status.Set("AbleToScale", "True", "SucceededGetScale", "the HPA controller was able to get the target's current scale");
        var current = target.Wanted;
        if (current == 0 && autoscaler.Spec.MinReplicas != 0)
        {
            status.Counted(0, 0, autoscaler.Status?.CurrentMetrics);
            status.Set("ScalingActive", "False", "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
            return;
        }

        var (desired, reason) = current > autoscaler.Spec.MaxReplicas ? (autoscaler.Spec.MaxReplicas, "Current number of replicas above Spec.MaxReplicas")
            : current < (autoscaler.Spec.MinReplicas ?? 1) ? (autoscaler.Spec.MinReplicas ?? 1, "Current number of replicas below Spec.MinReplicas")
            : await RecommendAsync(autoscaler, target, status, now, cancellationToken);
        status.Counted(target.There, desired, null);
        if (desired == current)
        {
            return;
        }

        await target.SetAsync(desired, cancellationToken);
        _histories.GetOrAdd(autoscaler.Key(), _ => new ScaleHistory(_downWindow)).Changed(current, desired, now);
        status.Scaled($"the HPA controller was able to update the target scale to {desired}");
        _events.Record(autoscaler, "Normal", "SuccessfulRescale", $"New size: {desired}; reason: {reason}");
    }

    private async Task<(int Desired, string Reason)> RecommendAsync(
        V2HorizontalPodAutoscaler autoscaler, ScaleTarget target, AutoscalerStatus status, DateTime now, CancellationToken cancellationToken)
    {
        var found = new List<Recommendation>();
        var failures = new List<AutoscalingException>();
        foreach (var metric in autoscaler.Spec.Metrics ?? [])
        {
            try
            {
                found.Add(await _metrics.EvaluateAsync(autoscaler, target, metric, now, cancellationToken));
            }
            catch (AutoscalingException exception)
            {
                failures.Add(exception);
            }
        }

        status.Counted(target.There, target.Wanted, [.. found.Select(one => one.Status)]);
        var most = found.MaxBy(one => one.Replicas);
        // What is not known may call for more: without it, replicas are only added.
        if (most is null || (failures.Count > 0 && most.Replicas < target.Wanted))
        {
            throw new AutoscalingException(failures[0].Reason, $"the HPA was unable to compute the replica count: {failures[0].Message}");
        }

        status.Set("ScalingActive", "True", "ValidMetricFound", $"the HPA was able to successfully calculate a replica count from {most.Name}");
        var history = _histories.GetOrAdd(autoscaler.Key(), _ => new ScaleHistory(_downWindow));
        var stable = history.Stabilize(autoscaler.Spec.Behavior, target.Wanted, most.Replicas, now);
        status.Set("AbleToScale", "True", stable.Reason, stable.Message);
        var limited = ScaleBehavior.Limit(autoscaler.Spec, history, target.Wanted, stable.Replicas, now);
        status.Set("ScalingLimited", limited.Reason == "DesiredWithinRange" ? "False" : "True", limited.Reason, limited.Message);
        return (limited.Replicas, limited.Replicas > target.Wanted ? $"{most.Name} above target" : "All metrics below target");
    }
}
