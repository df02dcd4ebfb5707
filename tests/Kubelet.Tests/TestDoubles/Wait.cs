using MiniKube.TestSupport;

namespace MiniKube.Kubelet.Tests.TestDoubles;

/// <summary>Waits for what a test wants to see, a minute at most.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<T> ForAsync<T>(Func<T?> look)
        where T : class => await ForAsync(() => Task.FromResult(look()));

    public static async Task<T> ForAsync<T>(Func<Task<T?>> look)
        where T : class =>
        (await Eventually.GetAsync(_ => look(), found => found is not null, Limit, TestContext.Current.CancellationToken))!;

    public static Task UntilAsync(Func<Task<bool>> isSo) =>
        Eventually.GetAsync(_ => isSo(), so => so, Limit, TestContext.Current.CancellationToken);
}
