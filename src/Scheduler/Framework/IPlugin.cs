namespace MiniKube.Scheduler.Framework;

/// <summary>One rule of scheduling. Plugins hold no state of a cycle: that lives in what PreFilter and PreScore return.</summary>
internal interface IPlugin
{
    /// <summary>Upstream's name, such as <c>NodeResourcesFit</c>.</summary>
    string Name { get; }
}
