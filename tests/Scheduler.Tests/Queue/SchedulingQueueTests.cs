using k8s.Models;

using Microsoft.Extensions.Time.Testing;

using MiniKube.Scheduler.Framework;
using MiniKube.Scheduler.Queue;

namespace MiniKube.Scheduler.Tests.Queue;

public sealed class SchedulingQueueTests : IDisposable
{
    private static readonly HashSet<string> Fit = ["NodeResourcesFit"];
    private static readonly HashSet<string> None = [];

    private readonly FakeTimeProvider _clock = new();
    private readonly SchedulingQueue _queue;

    public SchedulingQueueTests() => _queue = new SchedulingQueue(DefaultProfile.Create(Make.NoNamespaces), _clock);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Pop_ByPriorityThenAge()
    {
        _queue.Set(new PodInfo(Make.Pod("old")));
        _queue.Set(new PodInfo(Make.Pod("young")));
        _queue.Set(new PodInfo(Make.Pod("important", priority: 10)));

        Assert.Equal(["important", "old", "young"], [await PopAsync(), await PopAsync(), await PopAsync()]);
    }

    [Fact]
    public async Task Pop_Empty_WaitsForAPod()
    {
        var waiting = PopAsync();
        Assert.False(waiting.IsCompleted);

        _queue.Set(new PodInfo(Make.Pod("a")));

        Assert.Equal("a", await waiting);
    }

    [Fact]
    public async Task Pop_Gated_OnlyOnceTheGatesAreGone()
    {
        var pod = Make.Pod("a");
        pod.Spec.SchedulingGates = [new V1PodSchedulingGate { Name = "g" }];
        _queue.Set(new PodInfo(pod));
        Assert.Equal(1, _queue.Count(QueuedPodPlace.Gated));

        _queue.Set(new PodInfo(Make.Pod("a")));

        Assert.Equal("a", await PopAsync());
    }

    [Fact]
    public async Task Return_Refused_WaitsForAHelpfulEvent()
    {
        var pod = await PopNewAsync(Make.Pod("a", "2"));
        Assert.True(_queue.Return(pod, Fit));
        _queue.Move(new ClusterEvent.NodeAdded(Make.Node("small", "1")));
        Assert.Equal(1, _queue.Count(QueuedPodPlace.Unschedulable));

        _queue.Move(new ClusterEvent.NodeAdded(Make.Node("large")));

        Assert.Equal("a", await PopAsync());
    }

    [Fact]
    public async Task Return_EventWhileInFlight_IsNotMissed()
    {
        var pod = await PopNewAsync(Make.Pod("a", "2"));
        _queue.Move(new ClusterEvent.NodeAdded(Make.Node("large")));

        _queue.Return(pod, Fit);

        Assert.Equal(0, _queue.Count(QueuedPodPlace.Unschedulable));
        Assert.Equal("a", await PopAsync());
    }

    [Fact]
    public async Task Return_EventBeforeThePop_DoesNotCount()
    {
        var other = await PopNewAsync(Make.Pod("other"));
        _queue.Move(new ClusterEvent.NodeAdded(Make.Node("large")));
        var pod = await PopNewAsync(Make.Pod("a", "2"));

        _queue.Return(pod, Fit);

        Assert.Equal(1, _queue.Count(QueuedPodPlace.Unschedulable));
        _queue.Done(other);
    }

    [Fact]
    public async Task Return_PodChangedWhileInFlight_IsTriedAgain()
    {
        var pod = await PopNewAsync(Make.Pod("a", "2"));
        _queue.Set(new PodInfo(Make.Pod("a", "1")));

        _queue.Return(pod, Fit);

        Assert.Equal(1, _queue.Count(QueuedPodPlace.Backoff));
    }

    [Fact]
    public async Task Return_Error_IsTriedAgainAfterTheBackoffThatDoubles()
    {
        _queue.Set(new PodInfo(Make.Pod("a")));
        foreach (var seconds in new[] { 1, 2, 4, 8, 10, 10 })
        {
            _queue.Return(await _queue.PopAsync(TestContext.Current.CancellationToken), None);
            _clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(1, _queue.Count(QueuedPodPlace.Backoff));

            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal("a", await PopAsync());
    }

    [Fact]
    public async Task Pop_OtherPodsWait_RefusedOnesWaitOutTheirBackoff()
    {
        var pod = await PopNewAsync(Make.Pod("refused", priority: 10));
        _queue.Return(pod, Fit);
        _queue.Move(new ClusterEvent.NodeAdded(Make.Node("large")));
        _queue.Set(new PodInfo(Make.Pod("other")));

        Assert.Equal("other", await PopAsync());
    }

    [Fact]
    public async Task Set_OwnStatusWritten_DoesNotRetry()
    {
        var pod = await PopNewAsync(Make.Pod("a"));
        _queue.Return(pod, Fit);
        var updated = Make.Pod("a");
        updated.Status = new V1PodStatus { Conditions = [new V1PodCondition { Type = "PodScheduled", Status = "False" }] };

        _queue.Set(new PodInfo(updated));

        Assert.Equal(1, _queue.Count(QueuedPodPlace.Unschedulable));
    }

    [Fact]
    public async Task Unschedulable_FiveMinutesWithoutAnEvent_IsTriedAgain()
    {
        var pod = await PopNewAsync(Make.Pod("a"));
        _queue.Return(pod, Fit);
        var waiting = PopAsync();
        for (var elapsed = 0; elapsed <= 330; elapsed += 30)
        {
            _clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal("a", await waiting.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Return_DeletedMeanwhile_IsForgotten()
    {
        var pod = await PopNewAsync(Make.Pod("a"));
        _queue.Remove("uid-a");

        Assert.False(_queue.Return(pod, Fit));
    }

    private async Task<string> PopAsync() => (await _queue.PopAsync(TestContext.Current.CancellationToken)).Pod.Key.Name;

    private async Task<QueuedPod> PopNewAsync(V1Pod pod)
    {
        _queue.Set(new PodInfo(pod));
        return await _queue.PopAsync(TestContext.Current.CancellationToken);
    }
}
