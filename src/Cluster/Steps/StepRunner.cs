using System.Globalization;

using Spectre.Console;

namespace MiniKube.Cluster.Steps;

/// <summary>Runs steps and shows each with its time: a spinner on a terminal, plain lines elsewhere. The steps of one stage run at the same time.</summary>
internal sealed class StepRunner(IAnsiConsole console, TimeProvider clock)
{
    public async Task RunAsync(IReadOnlyList<IReadOnlyList<IStep>> stages, CancellationToken cancellationToken)
    {
        foreach (var stage in stages)
        {
            var title = string.Join(", ", stage.Select(step => step.Title));
            await (console.Profile.Capabilities.Interactive
                ? console.Status().StartAsync(Markup.Escape(title), _ => RunStageAsync(stage, cancellationToken))
                : RunStageAsync(stage, cancellationToken));
        }
    }

    private async Task RunStageAsync(IReadOnlyList<IStep> stage, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = stage.Select(step => RunStepAsync(step, failed.Token)).ToList();
        while (running.Count > 0)
        {
            var done = await Task.WhenAny(running);
            running.Remove(done);
            if (done.IsFaulted)
            {
                await failed.CancelAsync();
                await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await done;
        }
    }

    private async Task RunStepAsync(IStep step, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var remark = await step.RunAsync(cancellationToken);
        var seconds = clock.GetElapsedTime(started).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
        console.MarkupLine($"[green]✓[/] {Markup.Escape(remark is null ? step.Title : $"{step.Title} ({remark})"),-52} [grey]{seconds,6} s[/]");
    }
}
