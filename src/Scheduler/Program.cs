using MiniKube.Scheduler;

return await SchedulerCommand.Create().Parse(args).InvokeAsync();
