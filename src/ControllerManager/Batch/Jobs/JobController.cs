using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Selectors;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Events;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Apps;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>Runs the pods of a job until as many have succeeded as it asks for, or it has failed, and counts each once.</summary>
internal sealed class JobController : IController
{
    private readonly ILister<V1Job> _jobs;
    private readonly TimeProvider _clock;
    private readonly Expectations _expectations;
    private readonly FinalizerExpectations _finalizers = new();
    private readonly JobBackoff _backoff = new();
    private readonly Ownership<V1Pod> _ownership;
    private readonly JobPodManager _manager;
    private readonly JobTracker _tracker;
    private readonly IEventRecorder _events;

    public JobController(
        IObjectClient client, ILister<V1Job> jobs, ILister<V1Pod> pods, IPodControl podControl, IEventRecorders recorders, ControllerManagerOptions options, TimeProvider clock)
    {
        (_jobs, _clock, Workers) = (jobs, clock, options.ConcurrentJobSyncs);
        _events = recorders.For("job-controller");
        _expectations = new Expectations(clock);
        _ownership = new Ownership<V1Pod>(client, pods, JobPods.TrackingFinalizer);
        var writer = new JobPodWriter(client, podControl, _expectations);
        _manager = new JobPodManager(writer);
        _tracker = new JobTracker(client, writer, _backoff, _finalizers, _events);
    }

    public string Name => "job-controller";

    public int Workers { get; }

    public void Configure(ControllerBuilder controller) => controller
        .Watches<V1Pod>(change =>
        {
            _finalizers.Observe(change);
            return [];
        })
        .For<V1Job>()
        .Owns<V1Pod>(_expectations)
        .Watches<V1Pod>(change => _jobs.AdoptersOf(change.New, job => LabelSelector.From(job.Spec?.Selector)));

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!_jobs.TryGet(key, out var job))
        {
            _expectations.Forget(key);
            _finalizers.Forget(key);
            _backoff.Forget(key);
            return ReconcileResult.Done;
        }

        if (!job.IsOurs())
        {
            return ReconcileResult.Done;
        }

        if (job.HasFinished())
        {
            _backoff.Forget(key);
            return ReconcileResult.Done;
        }

        // Asked before the pods are listed: what is observed in between only makes the list newer.
        var mayAct = _expectations.AreMet(key);
        var removed = _finalizers.Removed(key);
        var pods = await _ownership.ClaimAsync(job, LabelSelector.From(job.Spec?.Selector), _ => true, cancellationToken);
        return await SyncAsync(new JobState(job, pods, removed, _clock.GetKubernetesNow()), mayAct, cancellationToken);
    }

    private async Task<ReconcileResult> SyncAsync(JobState state, bool mayAct, CancellationToken cancellationToken)
    {
        var record = _backoff.Next(state.Job.Key(), state.NewSucceeded, state.NewFailed);
        var end = JobEnd.Of(state);
        var isManaged = end is null && mayAct && state.Job.Metadata?.DeletionTimestamp is null;
        var step = end is not null ? await _manager.EndAsync(state, cancellationToken)
            : isManaged ? await _manager.ManageAsync(state, record, cancellationToken)
            : JobStep.None;
        var active = state.Active.Count + step.Made - step.Deleted.Count;
        if (end is not null && (step.Failure is not null || !mayAct))
        {
            // There may be pods that nobody has told of yet.
            end = null;
        }
        else if (end is null && active == 0 && (state.Job.Spec?.Completions is { } completions ? state.Succeeded >= completions : state.Succeeded > 0))
        {
            end = JobEnd.CompletionsReached(state.Now);
        }

        var status = Counted(state, step, active);
        await _tracker.TrackAsync(state, isManaged && end is null ? WithSuspension(state, status) : status, end, record, cancellationToken);
        step.Failure?.Throw();
        return new ReconcileResult(new[] { step.Retry, end is null ? JobEnd.UntilDeadline(state) : null }.Min());
    }

    private static V1JobStatus Counted(JobState state, JobStep step, int active) => state.Status with
    {
        Active = active == 0 ? null : active,
        Ready = state.Active.Count(pod => pod.IsReady()) - step.Deleted.Count(pod => pod.IsReady()),
        Terminating = state.Terminating + step.Deleted.Count,
    };

    private V1JobStatus WithSuspension(JobState state, V1JobStatus status)
    {
        var job = state.Job;
        var changed = status.With(job.IsSuspended()
            ? JobConditions.New(JobConditions.Suspended, "JobSuspended", "Job suspended", state.Now)
            : JobConditions.New(JobConditions.Suspended, "JobResumed", "Job resumed", state.Now, "False"));
        if (ReferenceEquals(changed, status))
        {
            return status;
        }

        var what = job.IsSuspended() ? ("Suspended", "Job suspended") : ("Resumed", "Job resumed");
        _events.Record(job, "Normal", what.Item1, what.Item2);
        // The deadline must not run while a job is suspended.
        return job.IsSuspended() ? changed : changed with { StartTime = state.Now };
    }
}
