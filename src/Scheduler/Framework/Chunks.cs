namespace MiniKube.Scheduler.Framework;

/// <summary>Spreads work over many nodes on all cores, in chunks large enough to be worth a task.</summary>
internal static class Chunks
{
    private const int Size = 64;

    public static void ForEach(int count, Action<int> body)
    {
        if (count <= 2 * Size)
        {
            for (var i = 0; i < count; i++)
            {
                body(i);
            }

            return;
        }

        Parallel.For(0, (count + Size - 1) / Size, chunk =>
        {
            var end = Math.Min(count, (chunk + 1) * Size);
            for (var i = chunk * Size; i < end; i++)
            {
                body(i);
            }
        });
    }
}
